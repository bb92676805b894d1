// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "../error.hpp"

namespace wasmup::image {

/// A module, and what it is called.
struct Module {
  std::string name;  ///< "hello"
  std::string bytes;
};

enum class Format {
  image,    ///< FROM scratch, one layer with /plugin.wasm: what every tool for containers knows
  artifact  ///< two layers, the module as it is in one of them, named for what they are
};

/// "image" or "artifact".
std::optional<Format> parse_format(std::string_view text);

struct Options {
  Format format = Format::image;
  std::map<std::string, std::string> annotations = {};  ///< of the manifest: they are part of its digest
};

/// An image without a name: the manifest, and by their digests the blobs it speaks of.
struct Image {
  std::string manifest;
  std::map<std::string, std::string> blobs = {};

  /// The manifest's: what a policy pins.
  std::string digest() const;
  /// All bytes that a registry keeps of it.
  uint64_t size() const;
};

/// Packs a module that Envoy would load; refuses others (module_refused). The same module and options give
/// the same bytes on every machine: there is no time, no user, no compressor's taste in them.
Expected<Image> build(const Module& module, const Options& options = {});

}  // namespace wasmup::image
