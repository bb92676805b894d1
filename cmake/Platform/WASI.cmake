# CMake knows no WASI of its own; there is nothing to add to the toolchain file.
