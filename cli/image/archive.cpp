// SPDX-License-Identifier: MIT
#include "archive.hpp"

#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <array>
#include <cstddef>
#include <memory>
#include <stdexcept>
#include <sys/stat.h>
#include <zlib.h>

namespace wasmup::image {
namespace {

using Writer = std::unique_ptr<::archive, decltype(&::archive_write_free)>;
using Reader = std::unique_ptr<::archive, decltype(&::archive_read_free)>;
using Entry = std::unique_ptr<::archive_entry, decltype(&::archive_entry_free)>;

la_ssize_t append(::archive*, void* output, const void* bytes, size_t size) {
  static_cast<std::string*>(output)->append(static_cast<const char*>(bytes), size);
  return static_cast<la_ssize_t>(size);
}

/// What we write ourselves, into memory, fails only when memory does.
void must(::archive* archive, int status) {
  if (status < ARCHIVE_WARN) throw std::runtime_error(archive_error_string(archive));
}

std::unexpected<Error> no_archive(const std::string& why) {
  return std::unexpected(Error{ExitCode::usage, "this is no tar archive that can be read", why, ""});
}

std::string reason(::archive* archive) {
  const char* const text = archive_error_string(archive);
  return text == nullptr ? "no reason was given" : text;
}

void append_little_endian(std::string& text, uint64_t number, int bytes) {
  for (int at = 0; at < bytes; ++at) text += static_cast<char>(number >> (8 * at) & 0xff);
}

}  // namespace

std::string tar(const std::vector<File>& files) {
  std::string output;
  const Writer writer(archive_write_new(), archive_write_free);
  must(writer.get(), archive_write_set_format_ustar(writer.get()));
  must(writer.get(), archive_write_add_filter_none(writer.get()));
  must(writer.get(), archive_write_set_bytes_in_last_block(writer.get(), 1));
  must(writer.get(), archive_write_open2(writer.get(), &output, nullptr, append, nullptr, nullptr));
  for (const File& file : files) {
    const Entry entry(archive_entry_new(), archive_entry_free);
    archive_entry_set_pathname(entry.get(), file.name.c_str());
    archive_entry_set_filetype(entry.get(), S_IFREG);
    archive_entry_set_perm(entry.get(), 0644);
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(file.bytes.size()));
    archive_entry_set_mtime(entry.get(), 0, 0);
    must(writer.get(), archive_write_header(writer.get(), entry.get()));
    if (archive_write_data(writer.get(), file.bytes.data(), file.bytes.size()) < 0) {
      throw std::runtime_error(reason(writer.get()));
    }
  }
  must(writer.get(), archive_write_close(writer.get()));
  return output;
}

std::string gzip_stored(std::string_view bytes) {
  constexpr size_t most_in_a_block = 65535;
  const auto crc = crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
  const size_t size = bytes.size();
  std::string output{"\x1f\x8b\x08\0\0\0\0\0\0\xff", 10};  // RFC 1952: deflate, no name, no time, no system
  do {
    const std::string_view block = bytes.substr(0, most_in_a_block);
    bytes.remove_prefix(block.size());
    append_little_endian(output, bytes.empty() ? 1 : 0, 1);  // RFC 1951, 3.2.4: stored, and whether the last
    append_little_endian(output, block.size(), 2);
    append_little_endian(output, ~block.size(), 2);
    output += block;
  } while (!bytes.empty());
  append_little_endian(output, crc, 4);
  append_little_endian(output, size, 4);
  return output;
}

Expected<std::vector<File>> untar(std::string_view archive, uint64_t most_bytes,
                                  const std::function<bool(std::string_view name)>& wanted) {
  const Reader reader(archive_read_new(), archive_read_free);
  archive_read_support_filter_gzip(reader.get());
  archive_read_support_format_tar(reader.get());
  if (archive_read_open_memory(reader.get(), archive.data(), archive.size()) != ARCHIVE_OK) {
    return no_archive(reason(reader.get()));
  }
  std::vector<File> files;
  uint64_t in_all = 0;
  while (true) {
    ::archive_entry* entry = nullptr;
    const int status = archive_read_next_header(reader.get(), &entry);
    if (status == ARCHIVE_EOF) return files;
    if (status < ARCHIVE_WARN) return no_archive(reason(reader.get()));
    const char* const name = archive_entry_pathname(entry);
    if (name == nullptr || !wanted(name)) continue;
    File file{name, {}};
    std::array<char, 65536> chunk{};
    la_ssize_t got = 0;
    while ((got = archive_read_data(reader.get(), chunk.data(), chunk.size())) > 0) {
      in_all += static_cast<uint64_t>(got);
      if (in_all > most_bytes) return no_archive("it is larger than can be right");
      file.bytes.append(chunk.data(), static_cast<size_t>(got));
    }
    if (got < 0) return no_archive(reason(reader.get()));
    files.push_back(std::move(file));
  }
}

}  // namespace wasmup::image
