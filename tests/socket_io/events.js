// Send message
socket.emit('sendMessage', { conversationId: 123, content: 'Hello!' });

// Get conversation
socket.emit('getOrCreateConversation', { targetUserId: 456 });

// Mark as read
socket.emit('markMessagesAsRead', { conversationId: 123 });
