// Package conformance checks chat models against the rules of package model.
package conformance
