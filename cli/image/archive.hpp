// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "../error.hpp"
#include "../text/file.hpp"

namespace wasmup::image {

using File = text::NamedFile;

/// A tar archive (ustar), the same for the same files: all are root's, may be read by everybody, and are of
/// the year 1970.
std::string tar(const std::vector<File>& files);

/// A gzip file that holds `bytes` as they are. How a compressor packs them changes from one version to the
/// next, and with it the image's digest.
std::string gzip_stored(std::string_view bytes);

/// The files of a tar archive, or of a gzip file with one in it, for which `wanted` is true. An error is one
/// of usage: it is no archive, or more than `most_bytes` came out of it, 512 MiB besides, or 50,000 entries.
Expected<std::vector<File>> untar(std::string_view archive, uint64_t most_bytes,
                                  const std::function<bool(std::string_view name)>& wanted);

}  // namespace wasmup::image
