// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "../error.hpp"
#include "image.hpp"

namespace wasmup::image {

/// The largest module that Envoy Gateway takes.
inline constexpr uint64_t most_module_bytes = 256ULL * 1024 * 1024;

/// What Envoy Gateway would read.
struct Accepted {
  std::string digest;  ///< the manifest's, by which a policy pins it
  std::string kind;    ///< "OCI image", "Docker image" or "OCI artifact"
  std::string module;
};

/// Whether Envoy Gateway would find a module in this image, by its own rules; if not, an error (refused) with
/// the reason. Whether Envoy would load the module is another question: wasm::check_module().
Expected<Accepted> acceptance(const Image& image);

/// The same as far as the manifest alone tells; the answer is what kind it is. To be asked before anything
/// large is fetched.
Expected<std::string> acceptance_of_manifest(std::string_view manifest);

/// The most bytes that a part of this image may have by its manifest, to bound what is fetched. An error
/// (refused) when all parts of that size together would have more than 2 GiB.
Expected<uint64_t> largest_part(std::string_view manifest);

}  // namespace wasmup::image
