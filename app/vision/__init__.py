"""What training and prediction share: the network, the pixels, the checkpoint."""
