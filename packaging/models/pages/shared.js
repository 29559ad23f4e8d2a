// What the pages have in common: pictures, numbers that are the same each time, JSON files.
const photo = n => `pictures/photo${String(n % 15).padStart(2, '0')}.jpg`;
let seed = 7;
const rnd = (a = 1, b = 0) => { seed = (seed * 16807) % 2147483647; return b + (seed / 2147483647) * (a - b); };
const pick = list => list[Math.floor(rnd(list.length))];
const json = path => { const x = new XMLHttpRequest(); x.open('GET', path, false); x.send(); return JSON.parse(x.responseText); };
const many = (count, make) => Array.from({ length: count }, (_, n) => make(n));
const put = (where, html) => document.querySelector(where).insertAdjacentHTML('beforeend', html);
