package fieldwork

// Similar says how alike two names are, from 0 (nothing in common) to 1 (the same once folded): the Jaro-Winkler
// similarity. From about 0.9 on, people should be asked whether they mean the same person. Order of words counts.
func Similar(a, b string) float64 {
	x, y := []rune(Fold(a)), []rune(Fold(b))
	j := jaro(x, y)
	prefix := 0
	for prefix < 4 && prefix < len(x) && prefix < len(y) && x[prefix] == y[prefix] {
		prefix++
	}
	return j + float64(prefix)*0.1*(1-j) // Winkler 1990: scale 0.1, four letters at most
}

// jaro is the similarity of Jaro 1989: shares of matching letters, less half for those out of order.
func jaro(x, y []rune) float64 {
	if len(x) == 0 || len(y) == 0 {
		if len(x) == len(y) {
			return 1
		}
		return 0
	}
	fromX, fromY := matches(x, y)
	m := len(fromX)
	if m == 0 {
		return 0
	}
	swapped := 0
	for i := range fromX {
		if fromX[i] != fromY[i] {
			swapped++
		}
	}
	n := float64(m)
	return (n/float64(len(x)) + n/float64(len(y)) + (n-float64(swapped)/2)/n) / 3
}

// matches returns the letters that both have near the same place, in the order of each.
func matches(x, y []rune) (fromX, fromY []rune) {
	window := max(0, max(len(x), len(y))/2-1)
	used := make([]bool, len(y))
	for i, r := range x {
		for k := max(0, i-window); k <= min(len(y)-1, i+window); k++ {
			if !used[k] && y[k] == r {
				used[k] = true
				fromX = append(fromX, r)
				break
			}
		}
	}
	for k, u := range used {
		if u {
			fromY = append(fromY, y[k])
		}
	}
	return fromX, fromY
}
