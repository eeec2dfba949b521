// README's table of settings, rendered from the settings themselves.
import type { Setting } from './setting.ts';
import { settings } from './settings.ts';

const cell = (text: string) => text.replaceAll('|', '\\|');

/** The table in Markdown, one row a setting, ending with a line break. */
export function settingsTable(): string {
  const rows = Object.values(settings).map((setting: Setting<unknown>) => {
    const variable = setting.secret
      ? `\`${setting.variable}\` or \`${setting.variable}_FILE\``
      : `\`${setting.variable}\``;
    return `| ${variable} | ${cell(setting.meaning)} | ${cell(setting.shownDefault)} |`;
  });
  return ['| environment | meaning | default |', '|---|---|---|', ...rows, ''].join('\n');
}
