// Package probe has the tools of a case. A [Probe] makes models whose provider
// plays a script, calls them by Generate and Stream, and collects symptoms. A
// [Bench] runs a check so that it can neither hang nor crash its caller. The
// package also has the requests and answers that cases of several groups use.
//
//	show ◄── prompt ◄── laws ◄── probe ◄── a package for each group of cases
package probe
