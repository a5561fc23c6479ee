// Package bedrocktest is an Amazon Bedrock Runtime for tests.
package bedrocktest
