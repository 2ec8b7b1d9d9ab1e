"""A classifier that tells wanted text (written, liked) from unwanted (generated, disliked).

Goodfellow et al., "Generative Adversarial Networks" (2014, arXiv:1406.2661), name the part. Here it is
trained apart from the generator and used to rank candidates and to choose what the generator is tuned on.
"""
