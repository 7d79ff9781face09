// <kms-playground> in pages of another origin, each with a strict Content-Security-Policy of its own.
import { answer, part, policy, test } from './host.ts';
import { expect } from './playground.ts';

const grant = 'ef4053a4';

test('five lines of HTML show the story, and retiring the grant turns the answer', async ({ page, host }) => {
  await host.open(`<kms-playground scenario="lambda-env" view="story"><p>The role may decrypt because a grant names it.</p></kms-playground>`);
  await expect(page.getByRole('region', { name: 'Why may this Lambda function use my key?' })).toBeVisible();
  await expect(answer(page, 'Allowed')).toBeVisible();
  await expect(page.getByText('The role may decrypt because a grant names it.')).toBeHidden();
  await part(page, 'Grants on this key').getByRole('button', { name: /^Retire grant/ }).click();
  await expect(answer(page, 'Denied')).toBeVisible();
});
