# The default filter as an image that Envoy Gateway reads: one layer with /plugin.wasm, and nothing else.
#
#   ./wasmup build -o build/add_header.wasm && docker build -t IMAGE .        (podman build, buildah build)
#
# docker buildx: with --provenance=false, or it pushes an index, whose digest no policy can pin.
FROM scratch
COPY build/add_header.wasm /plugin.wasm
