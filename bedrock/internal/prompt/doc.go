// Package prompt is the codec of the models that take a single text: Meta's
// Llama 3 and 4, Mistral's older models, DeepSeek-R1 and Amazon Titan Text, over
// InvokeModel.
//
// A conversation becomes a prompt by the family's template, which marks the
// turns with control tokens. So these formats are for text alone, and text must
// not hold the marks: whoever could write <|eot_id|> into a prompt could end his
// own turn and speak as the system or the model. Such text is refused by the plan,
// which a [Codec] tells its marks, wherever the text comes from and however it is
// cut into parts; it is never changed, because what is the mark of one family may
// be the subject of the conversation in another.
//
// https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html
package prompt
