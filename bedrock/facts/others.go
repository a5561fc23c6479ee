package facts

import "slices"

// others are makers of few models: DeepSeek, Moonshot, Z.ai, MiniMax, NVIDIA,
// Google, xAI, Writer, Cohere, AI21.
func others() []row {
	return slices.Concat(deepseek(), moonshot(), zai(), minimax(), nvidia(), google(), xai(), writer(), cohere(), ai21())
}
