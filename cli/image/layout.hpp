// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>

#include "../error.hpp"
#include "../text/file.hpp"
#include "image.hpp"

namespace wasmup::image {

/// Writes an image as an OCI layout, in place of the one that may be there; a folder with anything else in it
/// is refused. `name` is what it will be called in a registry (NAME:TAG); may be empty.
Expected<void> write_layout(const Image& image, const text::Place& place, const std::string& name = {});

/// The same as one file, a tar archive.
std::string to_archive(const Image& image, const std::string& name = {});

/// The one image of an OCI layout, of an archive of one, or of a folder that `skopeo copy ... dir:` has made.
/// An index comes back as its own manifest, without blobs: acceptance() says what is wrong with it. Blobs
/// that are missing or not what their digest says are missing in the answer too.
Expected<Image> read_layout(const std::filesystem::path& path);

/// Whether `path` is what read_layout() reads.
bool is_layout(const std::filesystem::path& path);

}  // namespace wasmup::image
