package schema

// Steps returns how many steps it takes to check data and to explain what is
// wrong with it, and how many there may be.
func Steps(v *Validator, data []byte) (taken, budget int, err error) {
	value, c, err := v.read(data)
	if err != nil {
		return 0, 0, err
	}
	e := v.evaluator(c)
	budget = e.left
	err = v.validate(e, value)
	return budget - e.left, budget, err
}

// Plainly reports whether data is found to match in its bytes, and returns
// everything that the evaluator says of it.
func Plainly(v *Validator, data []byte) (plain bool, err error) {
	value, c, err := v.read(data)
	if err == nil {
		err = v.validate(v.evaluator(c), value)
	}
	return v.isPlain(data), err
}
