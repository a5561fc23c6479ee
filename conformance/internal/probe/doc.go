// Package probe is what a case works with. A [Probe] makes models whose
// provider plays a script, calls them both ways and notes symptoms; a [Bench]
// runs a check so that it can neither hang nor crash what runs it. The requests
// and answers that cases of several groups use lie here as well.
//
//	show ◄── prompt ◄── laws ◄── probe ◄── a package for each group of cases
package probe
