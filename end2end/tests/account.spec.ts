// Where one is signed in, and signing out of all of it.

import { expect, test } from '../support/test';

test('every sign-in is listed, and signing out everywhere ends them all', async ({ skyport, elsewhere, watch }) => {
  watch.expectStatus(401);
  const here = skyport.main.getByRole('listitem').filter({ hasText: 'This browser' });
  const others = skyport.main.getByRole('listitem').filter({ hasText: 'Signed in' });
  const everywhere = async () => {
    const question = await skyport.unfold('Sign out everywhere', skyport.main);
    await question.getByRole('button', { name: 'Sign out everywhere' }).click();
    await skyport.expectSignedOut();
    await skyport.awake();
  };

  await skyport.open('/account');
  await skyport.signIn('operator');
  await everywhere();
  await skyport.open('/account');
  await skyport.signIn('operator');
  await expect(here).toHaveCount(1);
  await expect(others).toHaveCount(0);

  const second = await elsewhere();
  await second.open('/');
  await second.signIn('operator');
  const third = await elsewhere();
  await third.open('/');
  await third.signIn('operator');
  await skyport.open('/account');
  await expect(others).toHaveCount(2);
  await expect(skyport.main).toContainText('Demo Operator');
  await expect(skyport.main).toContainText('operator@demo.invalid');

  await test.step('one is ended from here', async () => {
    await others.first().getByRole('button', { name: /^End/ }).click();
    await expect(others).toHaveCount(1);
    await second.open('/');
    await third.open('/');
    const left = await Promise.all([second, third].map((one) => one.userMenu('operator').count()));
    expect(left.toSorted()).toEqual([0, 1]);
  });

  await test.step('and then all of them', async () => {
    await everywhere();
    for (const one of [skyport, second, third]) {
      await one.open('/account');
      await one.expectSignedOut();
      await expect(one.main.getByText('You are not signed in')).toBeVisible();
    }
  });
});

test('signing out signs this browser out alone', async ({ skyport, elsewhere }) => {
  await skyport.open('/');
  await skyport.signIn();
  const second = await elsewhere();
  await second.open('/');
  await second.signIn();
  await skyport.signOut();
  await second.open('/datasets');
  await expect(second.userMenu()).toBeVisible();
});
