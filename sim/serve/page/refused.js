// What Front Door says when something cannot be done: a sentence, and for a scenario each problem with its line.
export class Refused extends Error {
  constructor(sentence, problems) {
    super(sentence);
    this.problems = problems || [];
  }
}
