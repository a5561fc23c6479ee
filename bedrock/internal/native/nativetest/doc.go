// Package nativetest helps to test the formats of InvokeModel's bodies.
package nativetest
