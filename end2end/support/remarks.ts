// A line for each journey that failed or needed a second try, with the first line of what was wrong, in the file that
// JOURNEYS_REMARKS names: ./dev repeats them in its summary.

import { appendFileSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { FullConfig, Reporter, Suite, TestCase, TestError } from '@playwright/test/reporter';

export default class Remarks implements Reporter {
  private readonly file = process.env.JOURNEYS_REMARKS;
  private root: Suite | undefined;

  onBegin(_config: FullConfig, suite: Suite): void {
    this.root = suite;
  }

  onError(error: TestError): void {
    if (this.file) appendFileSync(this.file, `outside of any journey: ${firstLine(error.message)}\n`);
  }

  onEnd(): void {
    if (!this.file || !this.root) return;
    for (const test of this.root.allTests()) {
      const outcome = test.outcome();
      if (outcome === 'unexpected') this.say(this.file, 'failed', test);
      if (outcome === 'flaky') this.say(this.file, 'passed only on its second try', test);
    }
  }

  printsToStdio(): boolean {
    return false;
  }

  private say(file: string, how: string, test: TestCase): void {
    const where = `${relative(import.meta.dirname, test.location.file)}:${test.location.line}`.replace('../tests/', '');
    const fault = test.results.find((result) => result.error)?.error?.message ?? test.results[0]?.status ?? '';
    appendFileSync(file, `${how}: [${test.parent.project()?.name}] ${where} ${test.title}: ${firstLine(fault)}\n`);
  }
}

function firstLine(text = ''): string {
  return stripVTControlCharacters(text).split('\n')[0] ?? '';
}
