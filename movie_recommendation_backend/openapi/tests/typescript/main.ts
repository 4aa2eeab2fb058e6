// A small program that calls every operation of the generated client on a running server.
import assert from "node:assert/strict";
import { Api, ClientErrors, HttpResponse, ServerErrors, ValidationErrors } from "./api.js";

type Failure = ValidationErrors | ClientErrors | ServerErrors;

const site = process.argv[2];
const seen = new Set<string>();

const api = new Api<string>({
  baseUrl: `${site}/api`,
  securityWorker: (token) => (token ? { headers: { Authorization: `Bearer ${token}` } } : {}),
  customFetch: (...request) => fetch(...request),
});

/** Call an operation, and remember that it answered. */
async function call<T, E>(name: string, answer: Promise<HttpResponse<T, E>>): Promise<T> {
  const response = await answer;
  seen.add(name);
  return response.data;
}

/** Call an operation that is to fail, and return its error. */
async function fails<T, E extends Failure>(
  name: string,
  answer: Promise<HttpResponse<T, E>>,
): Promise<Failure> {
  try {
    await answer;
  } catch (response) {
    seen.add(name);
    return (response as HttpResponse<T, E>).error;
  }
  throw new assert.AssertionError({ message: `${name} did not fail` });
}

/** What a page would show for an error: narrowed by `type`. */
function words(error: Failure): string {
  switch (error.type) {
    case "validation_error":
      return error.errors.map((each) => `${each.attr ?? "form"}: ${each.code}`).join(", ");
    case "client_error":
      return error.errors[0].code;
    case "server_error":
      return "Try again later.";
  }
}

// The catalogue, without logging in.
const trending = await call("moviesTrending", api.movies.moviesTrending({ window: "day" }));
assert.equal(trending.results.length, 20);
for (const movie of trending.results) {
  const year: number | null = movie.release_date ? Number(movie.release_date.slice(0, 4)) : null;
  assert.ok(year === null || year > 1870);
  assert.ok((movie.poster_url ?? "none").length > 0);
}
await call("moviesPopular", api.movies.moviesPopular({ page: 2, language: "de-DE" }));
await call("moviesTopRated", api.movies.moviesTopRated({ region: "FR" }));
await call("moviesNowPlaying", api.movies.moviesNowPlaying());
await call("moviesUpcoming", api.movies.moviesUpcoming());
const found = await call("moviesSearch", api.movies.moviesSearch({ query: "matrix", year: 1999 }));
assert.equal(found.results[0].id, 603);
await call("moviesDiscover", api.movies.moviesDiscover({ genres: "28,878", sort: "-rating" }));
await call("moviesGenres", api.movies.moviesGenres());
const matrix = await call("moviesRetrieve", api.movies.moviesRetrieve("603"));
const director: string = matrix.directors[0].name;
const collection: string = matrix.collection ? matrix.collection.name : "none";
assert.ok(director.length > 0 && collection.includes("Matrix"));
await call("moviesRecommendations", api.movies.moviesRecommendations("603"));
await call("moviesSimilar", api.movies.moviesSimilar("603"));
assert.equal(
  words(await fails("moviesRetrieve", api.movies.moviesRetrieve("2147483647"))),
  "not_found",
);
assert.equal(
  words(await fails("moviesTrending", api.movies.moviesTrending({ page: 501 }))),
  "page: max_value",
);

// Before registering: pick some movies and preview the recommendations.
const starter = await call(
  "recommendationsStarter",
  api.recommendations.recommendationsStarter({ limit: 6 }),
);
assert.equal(starter.results.length, 6);
const picked = { movie_ids: starter.results.slice(0, 3).map((movie) => movie.id) };
const preview = await call(
  "recommendationsPreview",
  api.recommendations.recommendationsPreview(picked),
);
assert.equal(preview.strategy, "blended");
assert.ok(!preview.results.some((each) => picked.movie_ids.includes(each.movie.id)));

// The account.
const ada = { username: "ada.ts", email: "ada.ts@films.example", password: "correct horse 9" };
const session = await call("authRegister", api.auth.authRegister(ada));
assert.equal(words(await fails("authRegister", api.auth.authRegister(ada))).split(", ").length, 2);
assert.equal(words(await fails("usersProfile", api.users.usersProfile())), "not_authenticated");
api.setSecurityData(session.access);
const login = { username: ada.email.toUpperCase(), password: ada.password };
const phone = await call("authLogin", api.auth.authLogin(login));
const renewed = await call("authRefresh", api.auth.authRefresh({ refresh: phone.refresh }));
await call("authVerify", api.auth.authVerify({ token: renewed.access }));
await call("authLogout", api.auth.authLogout({ refresh: renewed.refresh }));
assert.equal(
  words(await fails("authRefresh", api.auth.authRefresh({ refresh: phone.refresh }))),
  "token_not_valid",
);
const change = { language: "de", favorite_genres: [878 as const, 28 as const] };
const profile = await call("usersProfileChange", api.users.usersProfileChange(change));
assert.deepEqual((await call("usersProfile", api.users.usersProfile())).language, profile.language);

// The lists.
const id = 603;
const entry = await call("favoritesAdd", api.users.favoritesAdd({ movie_id: id }));
assert.equal(entry.movie.title, "The Matrix");
await call("favoritesPut", api.users.favoritesPut("550", {}));
const page = await call("favoritesList", api.users.favoritesList({ page_size: 1 }));
assert.ok(page.next?.startsWith("/api/users/favorites/?"));
assert.equal(page.previous, null);
assert.ok((await call("favoritesCheck", api.users.favoritesCheck("603"))).is_favorite);
await call("favoritesBulk", api.users.favoritesBulk({ add: [{ movie_id: 13 }], remove: [550] }));
await call("watchlistAdd", api.users.watchlistAdd({ movie_id: id }));
await call("watchlistPut", api.users.watchlistPut("550", {}));
await call("watchlistList", api.users.watchlistList({ sort: "-release_date", year: 1999 }));
assert.ok((await call("watchlistCheck", api.users.watchlistCheck("603"))).in_watchlist);
await call("watchlistBulk", api.users.watchlistBulk({ add: [{ movie_id: 13 }] }));
const watched = await call("watchedAdd", api.users.watchedAdd({ movie_id: id, plays: 2 }));
const day: string = watched.watched_on ?? "some day";
assert.equal(day, "some day");
await call("watchedPut", api.users.watchedPut("603", { watched_on: "1999-04-01" }));
await call("watchedList", api.users.watchedList({ query: "matrix" }));
assert.equal((await call("watchedCheck", api.users.watchedCheck("603"))).plays, 2);
await call("watchedBulk", api.users.watchedBulk({ remove: [1] }));
await call("ratingsAdd", api.users.ratingsAdd({ movie_id: id, rating: 9 }));
await call("ratingsPut", api.users.ratingsPut("603", { rating: 10 }));
await call("ratingsList", api.users.ratingsList({ sort: "rating" }));
assert.equal((await call("ratingsCheck", api.users.ratingsCheck("603"))).rating, 10);
await call("ratingsBulk", api.users.ratingsBulk({ add: [{ movie_id: 13, rating: 1 }] }));
await call("hiddenAdd", api.users.hiddenAdd({ movie_id: 680 }));
await call("hiddenPut", api.users.hiddenPut("680", {}));
await call("hiddenList", api.users.hiddenList());
assert.ok((await call("hiddenCheck", api.users.hiddenCheck("680"))).is_hidden);
await call("hiddenBulk", api.users.hiddenBulk({}));
const library = await call("usersLibrary", api.users.usersLibrary({ movie_ids: "603,680" }));
assert.ok(library["603"].is_favorite && library["603"].rating === 10 && library["680"].is_hidden);
const next = await call(
  "recommendationsList",
  api.recommendations.recommendationsList({ limit: 5, genres: "878", exclude: "604,605" }),
);
const why: string[] = next.results.flatMap((each) => each.because.map((movie) => movie.title));
assert.ok(why.includes("The Matrix"));
const taste = await call("recommendationsTaste", api.recommendations.recommendationsTaste());
assert.ok(taste.totals.films > 0 && taste.genres[0].share > 0);
assert.equal((await call("usersExport", api.users.usersExport())).watched[0].title, "The Matrix");
await call("favoritesRemove", api.users.favoritesRemove("603"));
await call("watchlistRemove", api.users.watchlistRemove("13"));
await call("watchedRemove", api.users.watchedRemove("603"));
await call("ratingsRemove", api.users.ratingsRemove("603"));
await call("hiddenRemove", api.users.hiddenRemove("680"));
// For operations without a response body, the client parses errors only if `format` is set.
const again = api.users.favoritesRemove("603", { format: "json" });
assert.equal(words(await fails("favoritesRemove", again)), "not_found");

// Cleaning up.
const passwords = { old_password: ada.password, new_password: "another horse 9" };
const fresh = await call("authPasswordChange", api.auth.authPasswordChange(passwords));
api.setSecurityData(fresh.access);
await call("authPasswordReset", api.auth.authPasswordReset({ email: "nobody@films.example" }));
const link = { uid: "x", token: "x", new_password: "another horse 9" };
assert.equal(
  words(await fails("authPasswordResetConfirm", api.auth.authPasswordResetConfirm(link))),
  "token: invalid_token",
);
const password = passwords.new_password;
await call("usersProfileDelete", api.users.usersProfileDelete({ password }));
await call("healthLive", api.health.healthLive());
const ready = await call("healthReady", api.health.healthReady());
assert.equal(ready.checks.catalogue.source, "demo");

console.log(JSON.stringify([...seen]));
