// Package rules knows what Amazon Bedrock refuses, and what each model on it
// accepts. It is the belief of the test server and of nobody else: it is
// written from what was seen of the service, and never from the table that
// the client goes by, so that a wrong row of either shows. It imports neither
// the bedrock package nor its facts.
//
// [Table.Model] finds what plays a model id. The table has rows for models
// and layers for how they differ, by maker, line and version; a model that it
// does not know is played as the newest one of its line, else of its maker.
// The table has a date of its own, [AsOf], and never looks at a clock.
//
// [Judge] holds a request against the [Rules], in the order in which the
// service does. A request is neutral, whichever door it came by; what its body
// says that a neutral request has no place for is in [Form].
//
// A [Rule] is a value: a name, the texts it is refused with, and a check, which
// is a plain function of an [Input]. The input is all that a check may look at:
// the request, what plays its model, who signs thinking, and the count of its
// tokens. Its own methods are the questions that several checks ask. A file
// holds a group of rules, their texts and their checks.
package rules
