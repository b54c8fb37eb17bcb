import js from "@eslint/js";
import vue from "eslint-plugin-vue";
import globals from "globals";
import tseslint from "typescript-eslint";

const NAME = "Literal[value=/^(hazard|suggestion|answer|reopen|response)$/]";
const KIND = "MemberExpression[property.name='kind']";
/** What goes by the kind of a parcel or a submission stands in src/kinds: a new one is one file and its page. */
const ASKS_KIND = [
  `BinaryExpression[operator=/^[!=]==?$/]:has(> ${KIND}):has(> ${NAME})`, `SwitchStatement:has(> ${KIND}.discriminant) ${NAME}`,
].map((selector) => ({ selector, message: "Let its file in src/kinds say it." }));

export default tseslint.config(
  { ignores: ["dist/", "checks/", "src/api/schema.d.ts"] },
  js.configs.recommended,
  tseslint.configs.recommended,
  vue.configs["flat/essential"],
  {
    files: ["**/*.{ts,vue}"],
    languageOptions: { parserOptions: { parser: tseslint.parser }, globals: globals.browser },
    rules: {
      "no-undef": "off", // the compiler knows better: uni, wx and the pages' types are declared there
      "no-unreachable": "off", // what one platform returns early another goes on with: #ifdef
      "no-irregular-whitespace": "off", // the wide space of Chinese type
      eqeqeq: "error",
      "no-console": "error",
      "max-lines": ["error", { max: 400 }],
      "max-lines-per-function": ["error", { max: 100 }],
      "@typescript-eslint/consistent-type-imports": ["error", { disallowTypeAnnotations: false }],
      "@typescript-eslint/no-non-null-assertion": "error",
      "vue/multi-word-component-names": "off", // a page is named by its folder
      "vue/no-unused-emit-declarations": "error",
      "vue/no-unused-properties": "error",
      "vue/no-unused-refs": "error",
      "vue/no-mutating-props": ["error", { shallowOnly: true }], // a parcel is shared state, changed where it is edited
    },
  },
  { files: ["worker.js"], languageOptions: { globals: globals.serviceworker } },
  {
    files: ["src/**/*.{ts,vue}"],
    ignores: ["src/kinds/**"],
    rules: { "no-restricted-syntax": ["error", ...ASKS_KIND], "vue/no-restricted-syntax": ["error", ...ASKS_KIND] },
  },
  { files: ["tests/**"], rules: { "max-lines-per-function": "off", "@typescript-eslint/no-non-null-assertion": "off" } },
  { files: ["*.mjs", "*.ts"], languageOptions: { globals: globals.node } },
);
