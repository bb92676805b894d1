// SPDX-License-Identifier: MIT
#include "uncalled.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <regex>

#include "../testing/folder_test.hpp"
#include "../text/file.hpp"

namespace wasmup::wasm {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::EndsWith;
using testing::IsEmpty;
using testing::SizeIs;

class UncalledTest : public FolderTest {
 protected:
  /// `NAME nearest`, or the name alone.
  std::vector<std::string> uncalled(std::string_view source) {
    std::vector<std::string> found;
    for (const Uncalled& one : find_uncalled({write("filter/filter.cpp", source)})) {
      found.push_back(one.nearest.empty() ? one.name : one.name + " " + one.nearest);
    }
    return found;
  }
};

TEST_F(UncalledTest, is_named_with_its_place_and_the_nearest_callback) {
  const auto file = write("filter.cpp", "struct Root {\n  bool on_configuer(wasmup::Bytes);\n};\n");
  EXPECT_EQ(warnings_of(find_uncalled({file})), file.string() +
                                                    ":2:8: warning: on_configuer is no callback of wasmup, "
                                                    "and nothing calls it; did you mean on_configure?\n");
}

TEST_F(UncalledTest, what_is_like_no_callback_gets_no_suggestion) {
  EXPECT_EQ(uncalled("struct F { void on_frobnicated(); void on_foo(); };"),
            (std::vector<std::string>{"on_frobnicated", "on_foo"}));
  const auto file = write("f.cpp", "void on_foo();");
  EXPECT_THAT(warnings_of(find_uncalled({file})), EndsWith("and nothing calls it\n"));
}

TEST_F(UncalledTest, usual_slips_are_led_to_what_was_meant) {
  EXPECT_THAT(uncalled("struct F { void on_respose_headers(); void on_lgo(); void on_http_request_headers();"
                       "void on_whole_respnse_body(); void wants_whole_reqest_body(); void on_mesage(); };"),
              ElementsAre("on_respose_headers on_response_headers", "on_lgo on_log",
                          "on_http_request_headers on_request_headers",
                          "on_whole_respnse_body on_whole_response_body",
                          "wants_whole_reqest_body wants_whole_request_body", "on_mesage on_message"));
}

TEST_F(UncalledTest, callbacks_themselves_are_none) {
  std::string source = "struct F {";
  for (const std::string_view name : sdk_callbacks()) source += " void " + std::string(name) + "();";
  EXPECT_THAT(uncalled(source + "};"), IsEmpty());
}

TEST_F(UncalledTest, every_callback_that_the_sdk_declares_is_known) {
  const auto text =
      text::read_file(std::filesystem::path(WASMUP_INCLUDE_FOLDER) / "wasmup" / "detail" / "callbacks.hpp");
  ASSERT_TRUE(text);
  const std::regex signature(R"(\b(on_[a-z_]+|wants_whole_[a-z_]+)\()");
  size_t seen = 0;
  for (std::sregex_iterator found(text->begin(), text->end(), signature), end; found != end;
       ++found, ++seen) {
    EXPECT_THAT(sdk_callbacks(), Contains((*found)[1].str()));
  }
  EXPECT_GT(seen, 10U);
}

TEST_F(UncalledTest, a_class_is_pointed_to_rather_than_a_definition_elsewhere) {
  write("filter/filter.hpp", "#pragma once\nstruct F {\n  void on_a();\n};\n");
  const auto source = write("filter/filter.cpp", "#include \"filter.hpp\"\nvoid F::on_a() {}\n");
  const auto found = find_uncalled({source});
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].file, folder_ / "filter" / "filter.hpp");
  EXPECT_EQ(found[0].line, 3U);
  // Where the class cannot be seen, the definition will do.
  EXPECT_THAT(uncalled("void F::on_b() {}"), ElementsAre("on_b"));
}

TEST_F(UncalledTest, headers_of_the_folder_are_read_and_those_elsewhere_for_their_uses) {
  write("filter/own/deep.hpp", "#include \"../own/deep.hpp\"\nvoid on_deep(); void on_called();\n");
  write("common/common.hpp", "void on_common() { on_called(); on_used_there(); }");
  EXPECT_THAT(uncalled("#include \"own/deep.hpp\"\n#include \"../common/common.hpp\"\n#include \"none.hpp\"\n"
                       "#include \"/dev/zero\"\nvoid on_used_there();"),
              ElementsAre("on_deep"));
}

TEST_F(UncalledTest, a_use_in_another_source_counts) {
  const auto one = write("filter/a.cpp", "void on_a(); void on_b();");
  const auto other = write("filter/b.cpp", "void f() { on_a(); }");
  const auto found = find_uncalled({one, other});
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].name, "on_b");
}

TEST_F(UncalledTest, of_what_is_too_large_nothing_is_said) {
  EXPECT_THAT(uncalled("void on_a();" + std::string(5 << 20, ' ')), IsEmpty());
  write("filter/table.inc", std::string(5 << 20, ' '));
  EXPECT_THAT(uncalled("#include \"table.inc\"\nvoid on_a();"), IsEmpty());
  EXPECT_THAT(find_uncalled({folder_ / "none.cpp"}), IsEmpty());
}

TEST_F(UncalledTest, warnings_have_an_end) {
  std::string source;
  for (int i = 0; i < 1000; ++i) source += "void on_x" + std::to_string(i) + "();";
  EXPECT_THAT(uncalled(source), SizeIs(20));
}

}  // namespace
}  // namespace wasmup::wasm
