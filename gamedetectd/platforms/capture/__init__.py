"""What shows one window's picture, one file a mechanism. For the vision child alone, which gives on only numbers."""
