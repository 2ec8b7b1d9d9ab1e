"""Models in llama.cpp's file format, GGUF: what the file says, its weights as they are stored, its tokenizer."""
