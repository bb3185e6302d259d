const socket = io('http://localhost:3000', {
  auth: { token: 'your-jwt-token' }
});
