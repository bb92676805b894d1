// SPDX-License-Identifier: MIT
// A few bytes can ask for gigabytes: what a module would cost is known before it is read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <ostream>
#include <variant>

#include "decoder.hpp"
#include "module_check.hpp"

namespace wasmup::wasm {
namespace {

using testing::HasSubstr;

std::string leb(size_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>(0x80 | (value & 0x7f));
  return bytes + static_cast<char>(value);
}
std::string times(size_t count, const std::string& what) {
  std::string all;
  for (size_t i = 0; i < count; ++i) all += what;
  return all;
}
std::string sized(const std::string& content) { return leb(content.size()) + content; }
std::string section(char id, const std::string& content) { return id + sized(content); }
std::string list(size_t count, const std::string& entry) { return leb(count) + times(count, entry); }
std::string bytes(std::initializer_list<unsigned char> values) { return {values.begin(), values.end()}; }

std::string type(size_t parameters, size_t results) {
  return "\x60" + list(parameters, "\x7f") + list(results, "\x7f");
}
std::string types(const std::vector<std::string>& all) {
  std::string content = leb(all.size());
  for (const std::string& one : all) content += one;
  return section(1, content);
}

const std::string header = bytes({0, 'a', 's', 'm', 1, 0, 0, 0});
const std::string block = bytes({0x02, 0x40});
const std::string end = bytes({0x0b});
const std::string unreachable_end = bytes({0x00, 0x0b});
const std::string zero = bytes({0x41, 0x00});  // i32.const 0
const std::string index_0 = bytes({0});

/// One function of the first type.
std::string function(const std::string& code, const std::vector<std::string>& all_types = {type(0, 0)}) {
  return header + types(all_types) + section(3, bytes({1, 0})) + section(10, "\1" + sized(index_0 + code));
}
std::string functions(size_t count, size_t parameters) {
  return header + types({type(parameters, 0)}) + section(3, list(count, index_0)) +
         section(10, list(count, sized(index_0 + end)));
}
std::string imports(size_t count, size_t parameters, size_t letters) {
  return header + types({type(parameters, 0)}) +
         section(2, list(count, sized("env") + sized(std::string(letters, 'x')) + bytes({0, 0})));
}
std::string exports(size_t count, size_t parameters) {
  std::string entries = leb(count);
  for (size_t i = 0; i < count; ++i) entries += sized(std::to_string(i)) + bytes({0, 0});
  return header + types({type(parameters, 0)}) + section(3, bytes({1, 0})) + section(7, entries) +
         section(10, "\1" + sized(index_0 + end));
}

/// Something that a module has `count` times, and what each of them is multiplied with.
struct Shape {
  const char* name;
  std::string (*module)(size_t count);
  size_t few;
  size_t many;
};
void PrintTo(const Shape& shape, std::ostream* out) { *out << shape.name; }

const Shape shapes[] = {
    {"functions_of_a_long_type", [](size_t count) { return functions(count, 1000); }, 100, 300'000},
    {"functions", [](size_t count) { return functions(count, 0); }, 100, 1'000'000},
    {"imports_of_a_long_type", [](size_t count) { return imports(count, 1000, 1); }, 100, 100'000},
    {"imports_of_a_long_name", [](size_t count) { return imports(count, 0, 50'000); }, 10, 2'000},
    {"exports_of_a_long_type", [](size_t count) { return exports(count, 1000); }, 100, 100'000},
    {"types_of_many_values", [](size_t count) { return header + section(1, list(count, type(1000, 0))); }, 10,
     10'000},
    {"calls_of_many_results",
     [](size_t count) { return function(times(count, bytes({0x10, 0})) + unreachable_end, {type(0, 1000)}); },
     100, 100'000},
    {"indirect_calls_of_many_parameters",
     [](size_t count) {
       return header + types({type(0, 0), type(1000, 0)}) + section(3, bytes({1, 0})) +
              section(4, bytes({1, 0x70, 0, 1})) +
              section(10, "\1" + sized(index_0 + bytes({0x00}) + times(count, bytes({0x11, 1, 0})) + end));
     },
     100, 100'000},
    {"blocks_of_many_values",
     [](size_t count) {
       return function(bytes({0x00}) + times(count, bytes({0x02, 1, 0x0b})) + unreachable_end,
                       {type(0, 0), type(1000, 1000)});
     },
     10, 100'000},
    {"branches_out_of_deep_blocks",
     [](size_t count) {
       return function(times(count, block) + times(count, zero + "\x0d" + leb(count)) +
                       times(count + 1, end));
     },
     100, 40'000},
    {"returns_out_of_deep_blocks",
     [](size_t count) {
       return function(times(count, block) + times(count, bytes({0x0f})) + times(count + 1, end));
     },
     100, 40'000},
    {"tries_in_tries",
     [](size_t count) {
       return function(times(count, bytes({0x06, 0x40})) + times(count, bytes({0x19, 0x0b})) + end);
     },
     100, 100'000},
    {"targets_of_many_values",
     [](size_t count) {
       return function(bytes({0x00, 0x0e}) + list(count, index_0) + index_0 + end, {type(0, 1000)});
     },
     100, 100'000},
    {"targets_out_of_deep_blocks",
     [](size_t count) {
       return function(times(count, block) + zero + "\x0e" + list(count, leb(count)) + leb(count) +
                       times(count + 1, end));
     },
     100, 40'000},
    {"local_declarations",
     [](size_t count) {
       return header + types({type(0, 0)}) + section(3, list(count / 1'000'000 + 1, index_0)) +
              section(10, list(count / 1'000'000 + 1,
                               sized(list(std::min(count, size_t{1'000'000}), bytes({1, 0x7f})) + end)));
     },
     100, 9'000'000},
    {"globals",
     [](size_t count) { return header + section(6, list(count, bytes({0x7f, 0, 0x41, 0, 0x0b}))); }, 100,
     1'000'000},
    {"elements",
     [](size_t count) {
       return header + types({type(0, 0)}) + section(3, bytes({1, 0})) + section(4, bytes({1, 0x70, 0, 1})) +
              section(9, bytes({1, 0, 0x41, 0, 0x0b}) + list(count, index_0)) +
              section(10, "\1" + sized(index_0 + end));
     },
     100, 4'000'000},
    {"data_segments",
     [](size_t count) {
       return header + section(5, bytes({1, 0, 1})) + section(11, list(count, bytes({0, 0x41, 0, 0x0b, 0})));
     },
     100, 1'000'000},
    {"memories", [](size_t count) { return header + section(5, list(count, bytes({0, 1}))); }, 10, 1'000'000},
    {"tables", [](size_t count) { return header + section(4, list(count, bytes({0x70, 0, 1}))); }, 10,
     1'000'000},
    {"custom_sections", [](size_t count) { return header + times(count, bytes({0, 2, 1, 'x'})); }, 100,
     400'000},
    {"letters_of_function_names",
     [](size_t count) {
       std::string names = leb(count);
       for (size_t i = 0; i < count; ++i) names += leb(i) + sized(std::string(100'000, 'x'));
       return functions(count, 0) + section(0, sized("name") + "\1" + sized(names));
     },
     2, 800},
};

class Cost : public testing::TestWithParam<Shape> {};

TEST_P(Cost, is_no_matter_where_there_are_few) {
  const auto decoded = decode(GetParam().module(GetParam().few));
  const auto* const unreadable = std::get_if<Unreadable>(&decoded);
  EXPECT_EQ(unreadable, nullptr) << unreadable->reason;
}

TEST_P(Cost, is_added_up_before_the_module_is_read) {
  const std::string module = GetParam().module(GetParam().many);
  const auto decoded = decode(module);
  const auto* const unreadable = std::get_if<Unreadable>(&decoded);
  ASSERT_NE(unreadable, nullptr);
  EXPECT_TRUE(unreadable->is_too_much) << unreadable->reason;
  EXPECT_LE(unreadable->offset, module.size());
}

INSTANTIATE_TEST_SUITE_P(All, Cost, testing::ValuesIn(shapes),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(CostLimits, what_v8_does_not_take_either_is_not_read) {
  const auto reason = [](const std::string& module) {
    const auto decoded = decode(module);
    const auto* const unreadable = std::get_if<Unreadable>(&decoded);
    return unreadable == nullptr || !unreadable->is_too_much ? "it was read" : unreadable->reason;
  };
  EXPECT_EQ(reason(functions(1, 1000)), "it was read");
  EXPECT_THAT(reason(functions(1, 1001)), HasSubstr("1001 parameters"));
  EXPECT_THAT(reason(header + types({type(0, 1001)})), HasSubstr("1001 results"));
  // libwabt would put these into messages, on the stack.
  EXPECT_THAT(reason(imports(1, 0, 20'000'000)), HasSubstr("a name has 20000000 bytes"));
  EXPECT_THAT(reason(function(times(7'700'000, "\1") + end)), HasSubstr("a function's body has 77"));
}

TEST(CostLimits, are_told_from_damage) {
  const Examination examination = examine(functions(300'000, 1000));
  ASSERT_EQ(examination.findings.size(), 1U);
  EXPECT_THAT(examination.findings[0].seen, HasSubstr("it is more than this check takes, at byte "));
  const auto refused = verdict(examination, "m.wasm");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ExitCode::module_refused);
}

}  // namespace
}  // namespace wasmup::wasm
