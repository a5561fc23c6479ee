// Package facts is what is known of the models on Amazon Bedrock: what each
// takes, refuses and does by itself.
package facts
