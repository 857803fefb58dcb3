"""Drawing and encoding of the sandbox's clips; runs in the render process and needs PyAV and Pillow."""
