package load

import (
	"bytes"
	"fmt"
	"math"
)

// The size of the plot and its margins, in pixels.
const (
	plotWidth, plotHeight = 880, 360
	plotLeft, plotRight   = 60, 20
	plotTop, plotBottom   = 50, 50
)

// lines are the rates that the plot shows.
var lines = []struct {
	name, color, dash string
	of                func(*Point) int
}{
	{"load (attempts)", "#4269d0", "none", func(p *Point) int { return p.Attempts }},
	{"goodput (answers)", "#2f7d31", "none", func(p *Point) int { return p.Answered }},
	{"refused", "#c1272d", "4 3", func(p *Point) int { return p.Refused }},
}

// SVG returns a plot of the load, the goodput and the refusals per second over
// time, as an SVG document.
func (r *Report) SVG() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %[1]d %[2]d" font-family="sans-serif" font-size="12" role="img">`+"\n",
		plotWidth, plotHeight)
	fmt.Fprintf(&b, "<title>Load, goodput and refusals over time</title>\n<desc>%d attempts, %d answered, %d throttled, in %.0f seconds</desc>\n",
		r.Total.Attempts, r.Total.Answered, r.Total.ThrottledRequests+r.Total.ThrottledTokens, r.Elapsed)
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="white"/>`+"\n", plotWidth, plotHeight)

	highest := 0.0
	for i := range r.Series {
		for _, l := range lines {
			highest = max(highest, float64(l.of(&r.Series[i]))/r.Step)
		}
	}
	span := max(float64(len(r.Series))*r.Step, 1)
	top := roundUp(max(highest, 1))
	x := func(seconds float64) float64 { return plotLeft + seconds/span*(plotWidth-plotLeft-plotRight) }
	y := func(rate float64) float64 { return plotHeight - plotBottom - rate/top*(plotHeight-plotTop-plotBottom) }

	r.axes(&b, x, y, span, top)
	for n, l := range lines {
		fmt.Fprintf(&b, `<polyline fill="none" stroke="%s" stroke-width="1.5" stroke-dasharray="%s" points="`, l.color, l.dash)
		for i := range r.Series {
			fmt.Fprintf(&b, "%.1f,%.1f ", x(r.Series[i].Start+r.Step/2), y(float64(l.of(&r.Series[i]))/r.Step))
		}
		b.WriteString("\"/>\n")
		at := plotLeft + n*180
		fmt.Fprintf(&b, `<line x1="%d" y1="24" x2="%d" y2="24" stroke="%s" stroke-width="2" stroke-dasharray="%s"/><text x="%d" y="28">%s</text>`+"\n",
			at, at+24, l.color, l.dash, at+30, l.name)
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

// axes draws the frame: rates on the left, seconds below.
func (r *Report) axes(b *bytes.Buffer, x, y func(float64) float64, span, top float64) {
	const ticks = 5
	for i := range ticks + 1 {
		rate, at := top*float64(i)/ticks, span*float64(i)/ticks
		fmt.Fprintf(b, `<path d="M%d %.1fH%d" stroke="#ddd"/><text x="%d" y="%.1f" text-anchor="end">%s</text>`+"\n",
			plotLeft, y(rate), plotWidth-plotRight, plotLeft-8, y(rate)+4, short(rate))
		fmt.Fprintf(b, `<text x="%.1f" y="%d" text-anchor="middle">%s</text>`+"\n", x(at), plotHeight-plotBottom+20, short(at))
	}
	fmt.Fprintf(b, `<text x="%.1f" y="%d" text-anchor="middle">seconds</text>`+"\n", x(span/2), plotHeight-12)
	fmt.Fprintf(b, `<text x="16" y="%.1f" text-anchor="middle" transform="rotate(-90 16 %.1f)">per second</text>`+"\n", y(top/2), y(top/2))
}

// roundUp returns the next number of the form 1, 2 or 5 times a power of ten.
func roundUp(v float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, digit := range []float64{1, 2, 5, 10} {
		if digit*power >= v {
			return digit * power
		}
	}
	return 10 * power
}

// short formats a number without trailing zeros.
func short(v float64) string { return fmt.Sprintf("%.4g", v) }
