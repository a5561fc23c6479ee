package main

import "fmt"

func main() {
	for _, all := range [][]int{{1, 2}, {-3, 5, 10, 11}, {}, {6, 4}, {4, 4}} {
		for _, name := range []Name{"", "x"} {
			s, err := Add(name, all, 10)
			fmt.Println(s, err, Even(s), check(s, false))
		}
	}
}
