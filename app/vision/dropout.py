"""Dropout while training; nothing while predicting."""

from torch import nn

ElementDropout = nn.Dropout
ChannelDropout = nn.Dropout2d
