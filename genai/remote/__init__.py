"""Text from servers that speak OpenAI's protocol: vLLM, llama.cpp, Ollama, TGI, `transformers serve`."""
