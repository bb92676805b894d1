// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "../error.hpp"
#include "../image/image.hpp"
#include "../os/processes.hpp"
#include "registry.hpp"
#include "tool.hpp"

namespace wasmup::registry {

/// A program that runs containers, and pushes images that it keeps. It packs their layers anew, so that the
/// digest in the registry is one of its making; what is unpacked of them stays the same.
struct Engine {
  std::string_view name;
  os::Command (*load)(const Job&);  ///< image.tar of the folder
  os::Command (*push)(const Job&);  ///< may leave the digest in the folder's digest file
  os::Command (*look)(const Job&);  ///< at what the registry has, by that digest if there is one
  /// What that printed: the image's digest and kind; refuses what the gateway would, and another image than
  /// that of `config`, by whose digest an image's content is known.
  Expected<image::Accepted> (*read)(const std::string& printed, const Job&, const std::string& config);
};

/// `wanted` if it is an engine; with nothing wanted the first that is installed, unless there is a tool that
/// pushes images as they are. An environment error when it is wanted, and not there.
Expected<std::optional<Engine>> find_engine(const os::Processes& processes,
                                            const std::optional<std::string>& wanted);

/// registry::push(), by an engine, which keeps the image under that name.
Expected<Pushed> push_by(const Engine& engine, os::Processes& processes, const image::Image& image,
                         const Reference& reference, const Options& options);

}  // namespace wasmup::registry
