package fieldwork

// IsOpen says that a question waits for an answer.
func IsOpen(question Record) bool {
	return question.Get(QuestionAnswer).IsZero() && question.Get(QuestionAnsweredAt).IsZero() && question.Get(QuestionSettledAt).IsZero()
}

// AskedOf returns the number of the laptop that is to answer: the one that made the record unless HQ named another.
func AskedOf(question Record) uint32 {
	if n, ok := question.Get(QuestionForNode).Int(); ok {
		return uint32(n)
	}
	return question.Get(QuestionRecord).Ref().Log.Node
}

// Answered is what answers a question: the words, who gave them (zero: nobody had signed in) and when, in seconds since
// 1970.
func Answered(text string, by RecordID, now int64) []FieldValue {
	fields := []FieldValue{{Field: QuestionAnsweredAt, Value: Int(now)}, {Field: QuestionAnswer, Value: Text(text)}}
	if !by.IsZero() {
		fields = append([]FieldValue{{Field: QuestionAnsweredBy, Value: Ref(by)}}, fields...)
	}
	return fields
}
