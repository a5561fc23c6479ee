package bedrock

import "github.com/chatmodel-go/chatmodel/model"

// Capabilities returns what the model can do, as far as this package knows
// its family, and as far as its format has a place for it. Of an unknown family
// it claims what Converse, or the format, has for all. The
// model behind an application inference profile is not looked up for this.
func (m *Model) Capabilities() model.Capabilities {
	f := m.family
	can := func(s Support) bool { return s != No }
	known := f.Name != ""
	c := model.Capabilities{
		Tools:            can(f.Tools),
		ForcedTools:      can(f.Tools) && known && can(f.ChoiceAny),
		ForcedToolsThink: can(f.Tools) && known && can(f.ChoiceAny) && can(f.ForcedThinking),
		ParallelTools:    can(f.Tools),
		StructuredOutput: f.NativeOutput == Yes,
		StopSequences:    true,
		Thinking:         f.Thinking != ThinkingUnknown && f.Thinking != ThinkingNever,
		SignedThinking:   f.Thinking == ThinkingClaude,
		PromptCaching:    f.CachePoints == Yes,
		Images:           f.Media.Images,
		Documents:        f.Media.Documents,
		Video:            f.Media.Video,
		Audio:            f.Media.Audio,
		TokenCounting:    m.base != "" && f.Name == "claude",
	}
	if m.native != nil {
		m.format.limit(&c)
	}
	return c
}
