// Package rules knows which requests Amazon Bedrock refuses and what each of
// its models accepts. Only the test server uses it. Its facts come from
// observations of the service, and never from the client's table, so that a
// mistake in either shows. It imports neither the bedrock package nor its
// facts.
//
// [Table.Model] finds the model that plays a model id. The table has a row for
// each model, and layers for the differences between makers, lines and
// versions. A model without a row is played as the newest one of its line, else
// of its maker. The table has a date of its own, [AsOf], and never looks at a
// clock.
//
// [Judge] checks a request against the [Rules], in the order in which the
// service does. Requests are in neutral form, whichever operation they came by.
// [Form] has the facts of a body that the neutral form lacks.
//
// A [Rule] is a value: a name, the texts of its refusals, and a check. A check
// is a plain function of an [Input] and looks at nothing else. The input has
// the request, the model that plays its id, the signer of thinking, and the
// token count. Its methods answer questions that several checks ask. Each file
// has a group of rules with their texts and checks.
package rules
