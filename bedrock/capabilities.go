package bedrock

import "github.com/chatmodel-go/chatmodel/model"

// Capabilities returns what the model is known to do and its format can express.
// If nothing is known of a capability, it makes the claim that loses the least:
// that tools are taken, but not that a choice among them is obeyed. The model
// behind an application inference profile is known once a
// call has looked it up.
func (m *Model) Capabilities() model.Capabilities {
	s := m.known()
	f := &s.facts
	tools := !f.Tools.Use.No()
	forced := tools && f.Tools.Any.Yes() && f.Tools.Named.Yes()
	c := model.Capabilities{
		Tools:            tools,
		ForcedTools:      forced,
		ForcedToolsThink: forced && !f.Tools.ForcedThinking.No(),
		ParallelTools:    tools,
		StructuredOutput: f.Output.Native.Yes(),
		StopSequences:    !f.Sampling.StopSequences.No(),
		Thinking:         f.Thinking.Supported.Yes(),
		SignedThinking:   f.Thinking.Supported.Yes() && f.Thinking.Replay.Signed.Yes(),
		PromptCaching:    f.Cache.Points.Yes(),
		Images:           f.Input.Image.Yes(),
		Documents:        f.Input.Document.Yes(),
		Video:            f.Input.Video.Yes(),
		Audio:            f.Input.Audio.Yes(),
		TokenCounting:    s.base != "" && f.CountTokens.Yes(),
	}
	m.door.limit(&c)
	return c
}
