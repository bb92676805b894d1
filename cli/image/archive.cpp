// SPDX-License-Identifier: MIT
#include "archive.hpp"

#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <array>
#include <cerrno>
#include <cstddef>
#include <fmt/format.h>
#include <memory>
#include <stdexcept>
#include <sys/stat.h>
#include <utility>
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

constexpr uint64_t most_unwanted = uint64_t{512} << 20;  // of bytes between what is wanted
constexpr size_t most_entries = 50'000;
constexpr size_t longest_name = 4096;
constexpr std::string_view gzip_magic = "\x1f\x8b";
constexpr const char* too_large = "it is larger than can be right";

/// An archive's bytes, piece by piece and unpacked if they are a gzip file: not more of them than `most`. A
/// few bytes can stand for gigabytes, which libarchive would pass over in one go.
class Source {
 public:
  Source(std::string_view bytes, uint64_t most) : rest_(bytes), left_(most) {
    is_gzip_ = bytes.starts_with(gzip_magic) && inflateInit2(&stream_, MAX_WBITS + 16) == Z_OK;
  }
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  ~Source() {
    if (is_gzip_) inflateEnd(&stream_);
  }

  /// libarchive calls this when it wants more bytes.
  static la_ssize_t next(::archive* reader, void* self, const void** piece) {
    return static_cast<Source*>(self)->next(reader, piece);
  }

  /// Why it gave no more, which libarchive may have its own words for; empty if it did.
  const std::string& failure() const { return failure_; }

 private:
  la_ssize_t next(::archive* reader, const void** piece) {
    const std::string_view bytes = is_gzip_ ? unpack() : std::exchange(rest_, {});
    *piece = bytes.data();
    if (is_gzip_ && bytes.size() > left_) failure_ = too_large;
    if (is_gzip_) left_ -= std::min<uint64_t>(left_, bytes.size());
    if (failure_.empty()) return static_cast<la_ssize_t>(bytes.size());
    archive_set_error(reader, EINVAL, "%s", failure_.c_str());
    return ARCHIVE_FATAL;
  }

  /// Nothing at the end.
  std::string_view unpack() {
    stream_.next_out = reinterpret_cast<Bytef*>(unpacked_.data());
    stream_.avail_out = static_cast<uInt>(unpacked_.size());
    while (stream_.avail_out == unpacked_.size() && !is_done_ && failure_.empty()) {
      const std::string_view some = rest_.substr(0, unpacked_.size());
      stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(some.data()));
      stream_.avail_in = static_cast<uInt>(some.size());
      const int status = inflate(&stream_, Z_NO_FLUSH);  // without bytes and an end, it is cut off
      rest_.remove_prefix(some.size() - stream_.avail_in);
      if (status != Z_OK && status != Z_STREAM_END) failure_ = "it is a damaged gzip file";
      if (status != Z_STREAM_END) continue;
      is_done_ = !rest_.starts_with(gzip_magic);  // another gzip file may follow
      inflateReset(&stream_);
    }
    return {unpacked_.data(), unpacked_.size() - stream_.avail_out};
  }

  std::string_view rest_;
  uint64_t left_;
  bool is_gzip_ = false;
  bool is_done_ = false;
  std::string failure_;
  z_stream stream_{};
  std::array<char, 65536> unpacked_{};
};

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
  archive_read_support_format_tar(reader.get());
  Source source(archive, most_bytes + most_unwanted);
  const auto failed = [&reader, &source] {
    return no_archive(source.failure().empty() ? reason(reader.get()) : source.failure());
  };
  if (archive_read_open(reader.get(), &source, nullptr, Source::next, nullptr) != ARCHIVE_OK) {
    return failed();
  }
  std::vector<File> files;
  uint64_t in_all = 0;
  for (size_t entries = 0;; ++entries) {
    ::archive_entry* entry = nullptr;
    const int status = archive_read_next_header(reader.get(), &entry);
    if (status == ARCHIVE_EOF) return files;
    if (status < ARCHIVE_WARN) return failed();
    if (entries == most_entries) return no_archive(fmt::format("it has more than {} entries", most_entries));
    const char* const name = archive_entry_pathname(entry);
    if (name == nullptr) continue;
    if (std::string_view(name).size() > longest_name) {
      return no_archive(fmt::format("it has a name of more than {} bytes", longest_name));
    }
    if (!wanted(name)) continue;
    File file{name, {}};
    std::array<char, 65536> chunk{};
    la_ssize_t got = 0;
    while ((got = archive_read_data(reader.get(), chunk.data(), chunk.size())) > 0) {
      in_all += static_cast<uint64_t>(got);
      if (in_all > most_bytes) return no_archive(too_large);
      file.bytes.append(chunk.data(), static_cast<size_t>(got));
    }
    if (got < 0) return failed();
    files.push_back(std::move(file));
  }
}

}  // namespace wasmup::image
