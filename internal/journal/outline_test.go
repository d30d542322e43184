package journal

import (
	"testing"

	"kandili/internal/fieldwork"
)

// outlined makes changes of one log, one second apart from a wall time on.
func outlined(n int, wall int64, name string) (list []Change) {
	for i := range n {
		seq := uint64(len(list) + 1)
		list = append(list, Change{Log: fieldwork.LogID{Node: 4}, Seq: seq, Wall: wall + int64(i), Stamp: StampOf(wall + int64(i)), Writes: []Write{
			{Kind: fieldwork.KindTrainee, Fields: []fieldwork.FieldValue{{Field: fieldwork.TraineeGivenName, Value: fieldwork.Text(name)}}}}})
	}
	return list
}

func TestOutline_staysWhenSomebodyIsForgotten(t *testing.T) {
	before, after := outlined(5, 1000, "Nasieku"), outlined(5, 1000, "Nasieku")
	after[2].Writes[0].Fields = nil
	a, b := Outlines(before), Outlines(after)
	for seq, h := range a {
		if b[seq] != h {
			t.Errorf("at %d the outline is another one", seq)
		}
	}
}

func TestOutline_findsWhereTwoHistoriesPart(t *testing.T) {
	theirs := outlined(3000, 1000, "Nasieku")
	for _, common := range []int{0, 1, 700, 2500, 2999, 3000} {
		mine := outlined(common, 1000, "forgotten since")
		for i := range 3 { // written on a folder that was put back
			c := outlined(1, int64(9000+i), "other")[0]
			c.Seq = uint64(common + i + 1)
			mine = append(mine, c)
		}
		mine = mine[:min(len(mine), len(theirs))]
		tip := mine[len(mine)-1].Last()
		at := Outlines(mine)
		part := OutlineTrace(theirs[0].Log, theirs, tip).Parting(func(seq uint64) (Hash, bool) { h, ok := at[seq]; return h, ok })
		if part != uint64(common) {
			t.Errorf("they part after %d, found %d", common, part)
		}
	}
	if Outlines(theirs[1:]) != nil {
		t.Error("an outline that does not begin at the first change is none")
	}
}
