package main

func Example() {
	main()
	// Output:
	// so far: "A-17" with 1 lines
	// so far: "A-17" with 1 lines
	// so far: "A-17" with 2 lines
	// so far: "A-17" with 2 lines
	// invoice A-17: 72.00 euros
	// letter of Claus: invoice 7: 10.00 euros
	// letter of Berg: the model said "There is no invoice in this letter."
}
