// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

// What the parts of an image are called. The layers' names decide how Envoy Gateway reads it, and whether.
namespace wasmup::image::media_type {

inline constexpr std::string_view manifest = "application/vnd.oci.image.manifest.v1+json";
inline constexpr std::string_view index = "application/vnd.oci.image.index.v1+json";
inline constexpr std::string_view config = "application/vnd.oci.image.config.v1+json";
inline constexpr std::string_view layer = "application/vnd.oci.image.layer.v1.tar+gzip";

inline constexpr std::string_view docker_manifest = "application/vnd.docker.distribution.manifest.v2+json";
inline constexpr std::string_view docker_index = "application/vnd.docker.distribution.manifest.list.v2+json";
inline constexpr std::string_view docker_layer = "application/vnd.docker.image.rootfs.diff.tar.gzip";

inline constexpr std::string_view wasm_config = "application/vnd.module.wasm.config.v1+json";
inline constexpr std::string_view wasm_layer = "application/vnd.module.wasm.content.layer.v1+wasm";

}  // namespace wasmup::image::media_type
