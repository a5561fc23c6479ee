// Package prompt is the codec of the models that take a single text: Meta's
// Llama 3 and 4, Mistral's older models, DeepSeek-R1 and Amazon Titan Text, over
// InvokeModel.
//
// A conversation becomes a prompt by the family's template, which marks the
// turns with control tokens. So these formats are for text alone, and text must
// not hold the marks: a user who could write <|eot_id|> into a prompt could end
// the user's turn and speak as the system or the model. The plan, which gets
// the marks from the [Codec], refuses such text, wherever it comes from and
// however it is cut into parts. The plan never changes the text, because the
// mark of one family may be the subject of a conversation with another.
//
// https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html
package prompt
