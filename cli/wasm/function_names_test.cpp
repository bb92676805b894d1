// SPDX-License-Identifier: MIT
#include "function_names.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wasmup::wasm {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

FunctionNames names_in(std::string_view text, bool declares = true) {
  FunctionNames names;
  read_function_names(text, 0, declares, names);
  return names;
}

/// Those that are declared and not used.
std::vector<std::string> uncalled(std::string_view text) {
  std::vector<std::string> found;
  for (const auto& [name, seen] : names_in(text).names) {
    if (!seen.is_used) found.push_back(name);
  }
  return found;
}

TEST(function_names, are_declared_in_classes_and_namespaces) {
  EXPECT_THAT(uncalled("struct F : Base<F> { bool on_a(Bytes); private: void on_b() const noexcept {} };"),
              ElementsAre("on_a", "on_b"));
  EXPECT_THAT(uncalled("namespace { namespace b::c { inline int on_a() { return 1; } } } void on_b();"),
              ElementsAre("on_a", "on_b"));
  EXPECT_THAT(uncalled("std::vector<int>::iterator F::on_a() {}"), ElementsAre("on_a"));
  EXPECT_THAT(uncalled("void f() { struct Local { auto on_a() -> int; }; }"), ElementsAre("on_a"));
}

TEST(function_names, are_declared_by_templates_too) {
  EXPECT_THAT(uncalled("template <class T> struct F { template <class U = A<T>> void on_a(U) {} };"),
              ElementsAre("on_a"));
  EXPECT_THAT(
      uncalled("template <class T> void f(T t) { return on_a(t) * on_b(t); } int on_a(T); int on_b(T);"),
      IsEmpty());
}

TEST(function_names, say_where_they_are_declared) {
  const FunctionNames names = names_in("struct F {\n  void on_a();\n};\nvoid F::on_a() {}\n");
  const auto& declarations = names.names.at("on_a").declarations;
  ASSERT_EQ(declarations.size(), 2U);
  EXPECT_EQ(declarations[0].place.line, 2U);
  EXPECT_EQ(declarations[0].place.column, 8U);
  EXPECT_FALSE(declarations[0].is_qualified);
  EXPECT_TRUE(declarations[1].is_qualified);
}

TEST(function_names, that_are_called_or_passed_on_are_used) {
  const std::string declared = "struct F { int on_a(int); void g();";
  EXPECT_THAT(uncalled(declared + "};"), ElementsAre("on_a"));
  for (const char* use : {
           "void f() { on_a(1); } };",
           "int f() { return on_a(1); } };",
           "int f() { return a * on_a(1); } };",
           "int f() { int x(on_a(1)); } };",
           "int x = on_a(1); };",
           "int x{on_a(1)}; };",
           "F() : x_(on_a(1)) {} };",
           "F() : x_{on_a(1)} {} };",
           "void f(int x = on_a(1)); };",
           "using Base::on_a; };",
           "}; auto call = &F::on_a;",
           "}; Result r = http_call(*this, &F::on_a);",
           "}; void F::g() { if (x) { on_a(2); } }",
           "};\n#define CALL on_a(1)\n",
           "};\n#ifdef A\n#else\nvoid f() { on_a(1); }\n#endif\n",
       }) {
    EXPECT_THAT(uncalled(declared + use), IsEmpty()) << use;
  }
}

TEST(function_names, that_stand_in_text_are_none) {
  EXPECT_THAT(
      uncalled(
          "// void on_a();\n/* void on_b(); */ auto s = \"void on_c();\"; auto r = R\"(; void on_d();)\";"),
      IsEmpty());
  EXPECT_THAT(uncalled("struct F { void on_a(); }; // on_a()\n auto s = \"on_a()\";"), ElementsAre("on_a"));
}

TEST(function_names, of_variables_and_types_are_none) {
  for (const char* text :
       {"struct F { std::function<void(int)> on_a; void (*on_b)(int); int on_c_ = 1; F() : on_c_(2) {} };",
        "Counter on_a(\"requests\"); int on_b(1);", "enum class E { on_a, on_b };",
        "struct on_a { on_a(int); ~on_a(); };",
        "struct F { bool on_ = true; void once(); void turn_on_all(); };"}) {
    EXPECT_THAT(uncalled(text), IsEmpty()) << text;
  }
}

TEST(function_names, that_somebody_else_calls_are_their_authors_own) {
  for (const char* text :
       {"struct F : Other { void on_a() override; void on_b() final {} };", "extern \"C\" void on_a() {}",
        "extern \"C\" { void on_a() {} }", "[[gnu::used]] void on_a() {}",
        "struct F { void on_a() = delete; };", "__attribute__((export_name(\"x\"))) void on_a() {}",
        "EXPORT(proxy_on_tick) void on_a() {}",
        "struct F { [[maybe_unused]] void on_a() {} friend void on_b(F); };"}) {
    EXPECT_THAT(uncalled(text), IsEmpty()) << text;
  }
}

TEST(function_names, parameters_say_nothing_of_the_function) {
  EXPECT_THAT(uncalled("struct F { void on_a([[maybe_unused]] Bytes used) {} void on_b(int unused); };"),
              ElementsAre("on_a", "on_b"));
  EXPECT_THAT(uncalled("struct F { void on_a(Done done = [] { f(); }) {} void on_b(); };"),
              ElementsAre("on_a", "on_b"));
}

TEST(function_names, of_what_the_preprocessor_leaves_out_are_none) {
  EXPECT_THAT(
      uncalled("#if 0\nvoid on_a();\n#if 1\n#else\n}\n#endif\n#else\nvoid on_b();\n#endif\nvoid on_c();"),
      ElementsAre("on_b", "on_c"));
}

TEST(function_names, braces_of_one_branch_alone_are_counted) {
  EXPECT_THAT(uncalled("#ifdef A\nvoid f(int) {\n#else\nvoid f() {\n#endif\n}\nvoid on_a();"),
              ElementsAre("on_a"));
}

TEST(function_names, braces_that_do_not_fit_are_borne) {
  EXPECT_THAT(uncalled("}})]; void on_a(); ((( } void on_b();"), ElementsAre("on_a", "on_b"));
}

TEST(function_names, includes_are_those_by_quotes) {
  const FunctionNames names =
      names_in("#include \"a.hpp\"\n# include <b>\n#if 0\n#include \"c\"\n#endif\n#include \"d/e\"");
  EXPECT_THAT(names.includes, ElementsAre("a.hpp", "d/e"));
}

TEST(function_names, elsewhere_are_looked_at_for_uses_alone) {
  EXPECT_TRUE(names_in("void on_a();", false).names.at("on_a").is_used);
}

TEST(function_names, more_than_anybody_writes_are_too_much) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "int on_" + std::to_string(i) + "();\n";
  EXPECT_TRUE(names_in(text).is_too_much);
  EXPECT_THAT(uncalled("void on_" + std::string(1'000'000, 'a') + "();"), IsEmpty());
}

/// Hostile ones take no longer than others: each of these is read at once.
TEST(function_names, in_sources_that_nest_without_end_are_read) {
  for (const char* piece : {"(", "{", "}", "<", "template <", "#if 1\n", "#else\n", "/*", "R\"(", "R\"a ",
                            "\"", "\\\n", "on_a", "int on_a(", "#define on_a ", "[](int){", "\"\\"}) {
    std::string text;
    while (text.size() < 200'000) text += piece;
    names_in(text);
  }
}

}  // namespace
}  // namespace wasmup::wasm
