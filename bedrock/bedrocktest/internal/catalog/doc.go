// Package catalog answers the calls of Amazon Bedrock's control plane that
// clients of Bedrock Runtime make to list models and inference profiles. It
// uses only the server's table, so the server serves exactly the models that it
// lists:
//
//   - A model is listed if the table has a row for it and Converse or
//     InvokeModel serves it, and is gone once Options.Retired names it. Its name
//     is made from its id.
//   - A profile is listed for the models that need one, in the geography of the
//     caller's region and, where there is one, globally. One that is asked for
//     by name exists if the runtime would take its id.
//
// Dates are those of the table. No model can be customised.
//
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_Operations_Amazon_Bedrock.html
package catalog
