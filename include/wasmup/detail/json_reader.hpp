// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include <wasmup/bytes.hpp>
#include <wasmup/detail/local.hpp>

/// What reads JSON, once for all types: a cursor, the grammar of RFC 8259, and the words for what is wrong.
/// The types add a function pointer for each of their members and elements, and no grammar of their own. It
/// is written to be small in a module: no text is put together but in place, nothing is inlined that is used
/// twice.
namespace wasmup {

/// Why a text was refused, and where: both counted from 1, columns in bytes.
class JsonError {
 public:
  size_t line = 1;
  size_t column = 1;

  std::string_view reason() const { return {text_, size_}; }

  /// Adds to the reason, as far as there is room. (Plain arguments: a string_view would go through memory.)
  [[gnu::noinline]] WASMUP_DETAIL_LOCAL JsonError& add(const char* text, size_t size) {
    for (; size != 0 && size_ != sizeof(text_); --size) text_[size_++] = *text++;
    return *this;
  }
  [[gnu::noinline]] WASMUP_DETAIL_LOCAL JsonError& add(const char* literal) {
    for (; *literal != '\0'; ++literal) add(literal, 1);
    return *this;
  }
  [[gnu::noinline]] WASMUP_DETAIL_LOCAL JsonError& add(size_t number) {
    if (number > 9) add(number / 10);
    const char digit = static_cast<char>('0' + number % 10);
    return add(&digit, 1);
  }
  JsonError& quote(const char* text, size_t size) { return add("\"").add(text, size).add("\""); }

 private:
  char text_[320];
  size_t size_ = 0;
};

enum class JsonKind : uint8_t { null, boolean, number, string, array, object };

namespace detail {

class WASMUP_DETAIL_LOCAL JsonReader;

/// The members that an object may have.
struct JsonShape {
  const std::string_view* names;
  size_t count;
  uint64_t required;  ///< a bit for each
  bool (*read)(JsonReader& reader, void* object, size_t member);
};

/// The whole numbers a type can hold.
struct JsonRange {
  uint64_t lowest;  ///< below zero
  uint64_t highest;
  const char* expected;
};

/// A cursor in a text of its own, which ends with a NUL and is overwritten as strings are read. Each function
/// that reads gives false when something is wrong; error() says what was wrong first.
class WASMUP_DETAIL_LOCAL JsonReader {
 public:
  /// `text` is still looked at when something is refused.
  explicit JsonReader(std::string_view text)
      : original_(text.data()), text_(Bytes::allocate(text.size() + 1)), at_(text_.data()) {
    if (text_.empty()) __builtin_trap();
    if (!text.empty()) std::memcpy(at_, text.data(), text.size());
    at_[text.size()] = '\0';
    end_ = at_ + text.size();
  }

  const JsonError& error() const { return error_; }

  [[gnu::noinline]] bool read_bool(bool& value) {
    value = next() == 't';
    return skip_literal(value ? "true" : "false", value ? 4 : 5) || refuse_for("true or false");
  }

  bool skip_null() { return skip_literal("null", 4) || refuse_for("null"); }

  /// A whole number, in two's complement.
  [[gnu::noinline]] bool read_integer(const JsonRange& range, uint64_t& value) {
    next();
    char* const start = at_;
    if (read_number() && is_whole_ && digits_ <= (is_negative_ ? range.lowest : range.highest)) {
      value = is_negative_ ? 0 - digits_ : digits_;
      return true;
    }
    at_ = start;
    return refuse_for(range.expected);
  }

  /// The nearest double, exactly for up to 15 digits and powers of ten up to 22; beyond, the last bits may
  /// differ.
  [[gnu::noinline]] bool read_double(double& value) {
    next();
    if (!read_number()) return refuse_for("a number");
    value = static_cast<double>(digits_);
    const bool is_small = power_ < 0;
    for (int rest = is_small ? -power_ : power_; rest > 0; rest -= 22) {
      double power = 1;
      for (int i = rest < 22 ? rest : 22; i != 0; --i) power *= 10;
      value = is_small ? value / power : value * power;
    }
    if (is_negative_) value = -value;
    return value - value == 0 || refuse("too large for a number");
  }

  [[gnu::noinline]] bool read_string(std::string& value) {
    if (!read_text("a string")) return false;
    value = std::string(string_, string_size_);
    return true;
  }

  /// An array; `read` reads the next element.
  bool read_array(void* array, bool (*read)(JsonReader& reader, void* array)) {
    return read_items('[', "an array", "',' or ']'", array, read);
  }

  /// How many elements the array that is being read has from here on.
  [[gnu::noinline]] size_t count_elements() const {
    size_t count = 1;
    int depth = 1;
    bool is_text = false;
    for (const char* at = at_; depth != 0 && *at != '\0'; ++at) {
      const int bracket = *at | 0x20;  // both kinds as one
      if (*at == '"') is_text = !is_text;
      if (is_text) {
        if (*at == '\\' && at[1] != '\0') ++at;
      } else {
        count += *at == ',' && depth == 1;
        depth += (bracket == '{') - (bracket == '}');
      }
    }
    return count;
  }

  /// An object whose members' names are not known before; `read` finds each in name().
  bool read_members(void* object, bool (*read)(JsonReader& reader, void* object)) {
    return read_items('{', "an object", "',' or '}'", object, read);
  }

  /// The name of the member being read.
  std::string_view name() const { return {name_, name_size_}; }

  /// An object of this shape, and of no other.
  [[gnu::noinline]] bool read_object(void* object, const JsonShape& shape) {
    struct Reading {
      void* object;
      const JsonShape* shape;
      uint64_t seen;
    } reading{object, &shape, 0};
    return read_members(&reading,
                        [](JsonReader& reader, void* context) -> bool {
                          Reading& that = *static_cast<Reading*>(context);
                          const size_t member = reader.member_of(*that.shape);
                          if (member == that.shape->count) return false;
                          const uint64_t bit = uint64_t{1} << member;
                          if ((that.seen & bit) != 0) return reader.refuse_name("this is there twice");
                          that.seen |= bit;
                          return that.shape->read(reader, that.object, member);
                        }) &&
           has_all(shape, reading.seen);
  }

  /// Whether nothing is missing that the shape requires.
  [[gnu::noinline]] bool has_all(const JsonShape& shape, uint64_t seen) {
    for (size_t i = 0; i != shape.count; ++i) {
      if (((shape.required & ~seen) >> i & 1) == 0) continue;
      name_ = shape.names[i].data();
      name_size_ = shape.names[i].size();
      return refuse("this is missing");
    }
    return true;
  }

  /// Any value at all, checked and passed over.
  bool skip_value() {
    switch (kind()) {
      case JsonKind::null:
        return skip_null();
      case JsonKind::boolean: {
        bool value = false;
        return read_bool(value);
      }
      case JsonKind::number:
        return read_number() || refuse_for("a value");
      case JsonKind::string:
        return read_text("");
      case JsonKind::array:
        return read_array(nullptr, [](JsonReader& reader, void*) { return reader.skip_value(); });
      case JsonKind::object:
        return read_members(nullptr, [](JsonReader& reader, void*) { return reader.skip_value(); });
    }
    return false;
  }

  /// What follows; what begins no value is a number to it, and a bad one.
  JsonKind kind() {
    switch (next()) {
      case '{':
        return JsonKind::object;
      case '[':
        return JsonKind::array;
      case '"':
        return JsonKind::string;
      case 't':
      case 'f':
        return JsonKind::boolean;
      case 'n':
        return JsonKind::null;
      default:
        return JsonKind::number;
    }
  }

  /// Passes space over and gives the next character: NUL at the end.
  [[gnu::noinline]] char next() {
    while (*at_ == ' ' || *at_ == '\n' || *at_ == '\t' || *at_ == '\r') ++at_;
    return *at_;
  }

  bool read_end() {
    next();
    return at_ == end_ || refuse_for("nothing more");
  }

  size_t position() const { return static_cast<size_t>(at_ - text_.data()); }

  /// Refuses what is at hand, and says for which member.
  [[gnu::noinline]] bool refuse(const char* reason) {
    for (size_t i = 0; i != position(); ++i) {
      ++error_.column;
      if (original_[i] != '\n') continue;
      ++error_.line;
      error_.column = 1;
    }
    if (name_ != nullptr) error_.quote(name_, name_size_).add(": ");
    error_.add(reason);
    return false;
  }

  /// The same for what is not as it should be.
  [[gnu::noinline]] bool refuse_for(const char* expected) {
    refuse("expected ");
    error_.add(expected);
    return false;
  }

  /// Refuses the name just read.
  bool refuse_name(const char* reason) {
    at_ = string_ - 1;
    return refuse(reason);
  }

 private:
  static constexpr int deepest = 32;

  /// What is between brackets: elements, or members with their names.
  [[gnu::noinline]] bool read_items(char open, const char* expected, const char* expected_next, void* items,
                                    bool (*read)(JsonReader& reader, void* items)) {
    const char close = static_cast<char>(open + 2);  // for both kinds of brackets
    if (!take(open)) return refuse_for(expected);
    if (++depth_ > deepest) return refuse("nested too deeply");
    if (!take(close)) {
      const char* const outer_name = name_;
      const size_t outer_size = name_size_;
      do {
        if (open == '{' && !read_name()) return false;
        if (!read(*this, items)) return false;
        name_ = outer_name;
        name_size_ = outer_size;
      } while (take(','));
      if (!take(close)) return refuse_for(expected_next);
    }
    --depth_;
    return true;
  }

  bool read_name() {
    if (!read_text("a name in quotes")) return false;
    name_ = string_;
    name_size_ = string_size_;
    return take(':') || refuse_for("':'");
  }

  /// Which member the name is; as many as there are when none, which is refused.
  [[gnu::noinline]] size_t member_of(const JsonShape& shape) {
    size_t i = 0;
    for (; i != shape.count; ++i) {
      if (shape.names[i].size() == name_size_ &&
          starts_with(name_, shape.names[i].data(), shape.names[i].size()))
        return i;
    }
    refuse_name("this is none of");
    for (size_t known = 0; known != i; ++known) {
      error_.add(" ").quote(shape.names[known].data(), shape.names[known].size());
    }
    return i;
  }

  [[gnu::noinline]] bool take(char expected) {
    if (next() != expected) return false;
    ++at_;
    return true;
  }

  [[gnu::noinline]] bool skip_literal(const char* literal, size_t size) {
    next();
    if (!starts_with(at_, literal, size)) return false;
    at_ += size;
    return true;
  }

  /// Reads no further than to a NUL.
  [[gnu::noinline]] static bool starts_with(const char* text, const char* start, size_t size) {
    for (;;) {
      if (size-- == 0) return true;
      if (*text++ != *start++) return false;
    }
  }

  /// False where no number is; then nothing is passed over, and nothing said.
  [[gnu::noinline]] bool read_number() {
    char* at = at_;
    uint64_t digits = 0;
    int power = 0;
    bool is_whole = true;
    is_negative_ = *at == '-';
    at += is_negative_;
    if (*at == '0' && is_digit(at[1])) return false;
    // What a digit that fits does to the power of ten: nothing, and after the point one less.
    for (int step = 0;; --step, ++at) {
      if (!is_digit(*at)) return false;
      do {
        const auto digit = static_cast<uint64_t>(*at - '0');
        power += step;
        if (digits > (UINT64_MAX - digit) / 10) {
          is_whole = false;
          ++power;
        } else {
          digits = 10 * digits + digit;
        }
      } while (is_digit(*++at));
      if (step != 0 || *at != '.') break;
      is_whole = false;
    }
    if ((*at | 0x20) == 'e') {
      ++at;
      is_whole = false;
      const bool is_small = *at == '-';
      at += is_small || *at == '+';
      if (!is_digit(*at)) return false;
      int exponent = 0;
      do {
        if (exponent < 9999) exponent = 10 * exponent + (*at - '0');
      } while (is_digit(*++at));
      power += is_small ? -exponent : exponent;
    }
    at_ = at;
    digits_ = digits;
    power_ = power;
    is_whole_ = is_whole;
    return true;
  }

  static bool is_digit(char c) { return static_cast<unsigned>(c - '0') < 10; }

  /// A string's text, from one quote to the other, read in place.
  [[gnu::noinline]] bool read_text(const char* expected) {
    if (next() != '"') return refuse_for(expected);
    string_ = ++at_;
    char* end = string_;
    for (;;) {
      const auto c = static_cast<unsigned char>(*at_);
      if (c < ' ') return refuse_for("'\"', and no control character");
      ++at_;
      if (c == '"') break;
      if (c != '\\') {
        *end++ = static_cast<char>(c);
      } else {
        end = read_escape(end);
        if (end == nullptr) return refuse("this escape is none of JSON's");
      }
    }
    string_size_ = static_cast<size_t>(end - string_);
    return true;
  }

  /// Puts what an escape stands for where the text ends, as UTF-8; gives its new end, or null.
  [[gnu::noinline]] char* read_escape(char* end) {
    static constexpr char simple[] = "\"\"\\\\//b\bf\fn\nr\rt\t";
    for (const char* pair = simple; *pair != '\0'; pair += 2) {
      if (*pair != *at_) continue;
      ++at_;
      *end = pair[1];
      return end + 1;
    }
    uint32_t code = read_unit();
    if (code >> 10 == 0xD800 >> 10 && *at_ == '\\') {
      // The first half of a pair.
      ++at_;
      code = 0x10000 + ((code & 0x3FF) << 10);
      const uint32_t low = read_unit() - 0xDC00;
      if (low > 0x3FF) return nullptr;
      code += low;
    } else if (code >> 11 == 0xD800 >> 11) {
      return nullptr;
    }
    if (code > 0x10FFFF) return nullptr;
    unsigned more = (code > 0x7F) + (code > 0x7FF) + (code > 0xFFFF);
    char* const last = end + more;
    for (char* to = last; to != end; --to, code >>= 6) *to = static_cast<char>(0x80 | (code & 0x3F));
    *end = static_cast<char>(more != 0 ? 0xFF00U >> (more + 1) | code : code);
    return last + 1;
  }

  /// "u" and four digits, or more than any code.
  [[gnu::noinline]] uint32_t read_unit() {
    if (*at_ != 'u') return 0xFFFFFFFF;
    uint32_t code = 0;
    for (int i = 0; i != 4; ++i) {
      const uint32_t c = static_cast<unsigned char>(*++at_);
      const uint32_t letter = (c | 0x20) - 'a';
      const uint32_t digit = letter < 6 ? letter + 10 : c - '0';
      if (letter >= 6 && digit > 9) return 0xFFFFFFFF;
      code = code << 4 | digit;
    }
    ++at_;
    return code;
  }

  const char* original_;
  Bytes text_;
  char* at_;
  char* end_;
  const char* name_ = nullptr;  ///< of the member being read
  size_t name_size_ = 0;
  char* string_ = nullptr;  ///< the string last read
  size_t string_size_ = 0;
  int depth_ = 0;
  uint64_t digits_ = 0;  ///< of the number last read
  int power_ = 0;        ///< of ten
  bool is_negative_ = false;
  bool is_whole_ = true;  ///< written without fraction and exponent, and not too long
  JsonError error_;
};

}  // namespace detail
}  // namespace wasmup
