// How the console's templates are laid out: `npm run format`. What may be broken anywhere, a long call in braces, stays as it is written.
import * as jinja from "prettier-plugin-jinja-template";

export default { plugins: [jinja], parser: "jinja-template", printWidth: 120 };
