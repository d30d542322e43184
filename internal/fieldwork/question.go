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
